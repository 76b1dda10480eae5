-- Invariant 2. Whether two places rule each other out: both are exclusive (the conference refuses two places at once),
-- and their times have a moment in common. A time reaches up to its end without it, so that one may begin when another
-- ends; a place without a time, or with an empty one, rules nothing out. The exclusion constraint
-- nobody_is_confirmed_in_two_places_at_once says the same of confirmed places.
-- registration.domain.signups.clash is the same in Python, and a test compares the two. A plain expression, which the
-- planner puts in place of the call.
CREATE OR REPLACE FUNCTION registration_clash(
    one_during tstzrange, one_exclusive boolean, other_during tstzrange, other_exclusive boolean
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT one_exclusive AND other_exclusive
       AND one_during IS NOT NULL AND other_during IS NOT NULL AND one_during && other_during
$$;

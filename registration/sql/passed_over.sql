-- Somebody waiting who could take a free place, in this session or by this registration; NULL when there is nobody.
-- Invariant 4: a place that becomes free goes to the first waiting person who can take it.
CREATE OR REPLACE FUNCTION registration_passed_over(in_session bigint, by_registration bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT waiting.id
    FROM registration_signup waiting
    JOIN registration_seats seats ON seats.session_id = waiting.session_id
    JOIN registration_registration registration ON registration.id = waiting.registration_id
    WHERE waiting.state = 'waiting'
      AND (waiting.session_id = in_session OR waiting.registration_id = by_registration)
      AND seats.taken < seats.capacity
      AND registration.state IN ('accepted', 'checked-in')
      AND NOT EXISTS (
          SELECT 1 FROM registration_signup held
          WHERE held.registration_id = waiting.registration_id AND held.state = 'confirmed'
            AND registration_clash(held.during, held.exclusive, seats.during, seats.exclusive))
    LIMIT 1
$$;

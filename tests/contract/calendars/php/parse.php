<?php
// Reads one JSON object a line, {"text": ...}, and answers each with what sabre/vobject sees, as one line.
require '/usr/share/php/Sabre/VObject/autoload.php';

function instant(object $when): string {
    $moment = DateTimeImmutable::createFromInterface($when->getDateTime());
    return $moment->setTimezone(new DateTimeZone('UTC'))->format('c');
}

function seen(string $text): array {
    $calendar = Sabre\VObject\Reader::read($text);
    $events = [];
    $components = 0;
    foreach ($calendar->getComponents() as $component) {
        $components += $component->name !== 'VTIMEZONE';
        if ($component->name !== 'VEVENT') {
            continue;
        }
        $categories = [];
        foreach ($component->select('CATEGORIES') as $property) {
            array_push($categories, ...(method_exists($property, 'getParts') ? $property->getParts() : [(string) $property]));
        }
        $value = fn (string $name): string => isset($component->$name) ? (string) $component->$name : '';
        $events[] = [
            'uid' => $value('UID'),
            'sequence' => (int) $value('SEQUENCE'),
            'status' => $value('STATUS'),
            'summary' => $value('SUMMARY'),
            'description' => $value('DESCRIPTION'),
            'location' => $value('LOCATION'),
            'url' => $value('URL'),
            'categories' => $categories,
            'start' => instant($component->DTSTART),
            'end' => instant($component->DTEND),
            'names' => array_values(array_unique(array_map(fn ($property) => $property->name, $component->children))),
        ];
    }
    $names = array_map(fn ($child) => $child->name, $calendar->children);
    return [
        'method' => isset($calendar->METHOD) ? (string) $calendar->METHOD : null,
        'names' => array_values(array_diff(array_unique($names), ['VEVENT', 'VTIMEZONE'])),
        'components' => $components,
        'events' => $events,
    ];
}

while (($line = fgets(STDIN)) !== false) {
    try {
        $answer = ['seen' => seen(json_decode($line, true, flags: JSON_THROW_ON_ERROR)['text'])];
    } catch (Throwable $error) {
        $answer = ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

"""Problems and timetables as files: one reader and one writer for each format."""

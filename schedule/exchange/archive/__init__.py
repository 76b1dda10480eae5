"""The archive of a conference: everything organizers keep of its programme, out to a file and in again."""

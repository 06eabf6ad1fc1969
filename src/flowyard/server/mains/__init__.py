"""Where the processes of the platform begin, one module each. `platform` says what the supervisor hands them."""

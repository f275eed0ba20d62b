//! View models: what the options page shows, as plain data made by pure functions.

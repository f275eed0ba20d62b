//! The provider and the API, asked as a client and a page ask them.

mod api;
mod client;
mod provider;

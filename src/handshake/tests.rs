//! What is tested here needs the inside: weakened runs, and flights composed from parts.

mod exchange;
mod fixture;

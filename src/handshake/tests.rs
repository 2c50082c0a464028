//! What is tested here needs the inside: weakened runs, and flights composed from parts.

mod damage;
mod exchange;
mod fixture;
mod precedence;
mod scene;
mod stage;
mod weakening;

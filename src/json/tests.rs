//! The reader and the writer together: published examples, every refusal, laws.

mod example;
mod law;
mod object;
mod refusal;

//! Prints the JSON Schema of a trace, as it is published in `docs/schema/trace.json`.

fn main() {
    print!("{}", countersign_replay::schema::schema());
}

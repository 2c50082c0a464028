//! Lets the program and its tests find, from any folder, the Z3 they were linked with.
//!
//! Which Z3 that is, and whether it is new enough, `invariants/build.rs` has already decided.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Absent when Z3 is built in (`vendored-z3`).
    if let Ok(folder) = env::var("DEP_COUNTERSIGN_Z3_LIBRARY_FOLDER") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    }
}

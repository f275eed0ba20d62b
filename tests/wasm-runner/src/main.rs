//! The runner of `cargo test --target wasm32-unknown-unknown`: wasm-bindgen's own, as a library.
//!
//! Built from the workspace, it always has the schema that wasm-bindgen has here, and nobody installs it by hand.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| recon_fuzz::fuzz("templates", bytes));

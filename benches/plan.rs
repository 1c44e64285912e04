//! How far reading a plan is from the floor: `serde_json` passing over the same bytes.
//!
//! `RESOURCES=200000 cargo bench --bench plan [FILE]…` writes a plan of that many resources, about 5 KB each (2,000 where
//! nothing is said), a few of them of the types that are read, and measures it and every file given: `serde_json` to
//! `IgnoredAny` over the bytes in memory and over a buffered file, and the plan reader over the file. They take turns, so
//! that a busy machine is unkind to all alike. Memory is that of a process that does nothing but read the plan. It prints
//! figures and asserts nothing.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark prints, and stops at the first surprise"
)]

use serde::de::IgnoredAny;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use trailproof::read::terraform::plan;
use trailproof::source::FileId;

/// Rounds of one measurement; the median of their times is printed.
const ROUNDS: usize = 5;

/// Names the file that a process of its own is to read, so that its memory can be looked at.
const ALONE: &str = "TRAILPROOF_BENCH_PLAN";

fn main() {
    if let Some(path) = std::env::var_os(ALONE) {
        black_box(ours(Path::new(&path)));
        // Linux says what the most was; it is gone with the process.
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        print!("{}", line.trim().trim_end_matches(" kB"));
        return;
    }
    let resources = std::env::var("RESOURCES").ok().and_then(|number| number.parse().ok()).unwrap_or(2_000);
    let generated = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan.json");
    write(&generated, resources);
    let given = std::env::args().skip(1).filter(|word| !word.starts_with("--")).map(PathBuf::from);
    for path in std::iter::once(generated.clone()).chain(given) {
        measure(&path);
    }
    std::fs::remove_file(generated).unwrap();
}

/// A way to read a plan.
type Reads = fn(&Path) -> usize;

fn measure(path: &Path) {
    let size = path.metadata().unwrap().len();
    println!("\n{}: {:.1} MB, {} resources of the types that are read", path.display(), megabytes(size), ours(path));
    let contestants: [(&str, Reads); 3] = [
        ("serde_json to IgnoredAny, bytes in memory", in_memory),
        ("serde_json to IgnoredAny, buffered file", buffered),
        ("plan reader", ours),
    ];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (times, (_, run)) in times.iter_mut().zip(contestants) {
            let start = Instant::now();
            black_box(run(path));
            times.push(start.elapsed());
        }
    }
    let floor = median(&times[0]);
    println!("  {:<46} {:>9} {:>9} {:>9}", "median of five rounds", "ms", "× floor", "MB/s");
    for ((name, _), times) in contestants.iter().zip(&times) {
        let taken = median(times);
        println!("  {name:<46} {taken:>9.1} {:>9.2} {:>9.0}", taken / floor, megabytes(size) / (taken / 1000.0));
    }
    let alone = Command::new(std::env::current_exe().unwrap()).env(ALONE, path).stderr(Stdio::inherit()).output();
    let peak: f64 = String::from_utf8(alone.unwrap().stdout).unwrap().trim().parse().unwrap_or(0.0);
    println!("  most memory of the plan reader: {:.1} MB (aim: below 300 MB)", peak / 1024.0);
}

fn in_memory(path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let _: IgnoredAny = serde_json::from_slice(&bytes).unwrap();
    bytes.len()
}

fn buffered(path: &Path) -> usize {
    let file = BufReader::with_capacity(256 * 1024, File::open(path).unwrap());
    let _: IgnoredAny = serde_json::from_reader(file).unwrap();
    0
}

fn ours(path: &Path) -> usize {
    let wanted = |kind: &str| matches!(kind, "aws_s3_bucket" | "aws_cloudtrail" | "aws_iam_policy_document");
    let (_, read) = plan::read(FileId(0), "plan.json", File::open(path).unwrap(), &wanted);
    read.unwrap_or_else(|error| panic!("{}", error.message)).resources.len()
}

/// In milliseconds.
fn median(times: &[Duration]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2].as_secs_f64() * 1000.0
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// A plan as Terraform prints it: values, changes, the prior state and the configuration, on one line.
fn write(path: &Path, resources: usize) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut put = |text: &str| out.write_all(text.as_bytes()).unwrap();
    let join = |put: &mut dyn FnMut(&str), each: &dyn Fn(usize) -> String| {
        for number in 0..resources {
            put(if number > 0 { "," } else { "" });
            put(&each(number));
        }
    };
    put(r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":["#);
    join(&mut put, &|number| {
        format!(r#"{{{},"values":{},"sensitive_values":{{"tags":{{}}}}}}"#, head(number), values(number))
    });
    put(r#"]}},"resource_changes":["#);
    join(&mut put, &|number| {
        let (head, values) = (head(number), values(number));
        format!(
            r#"{{{head},"change":{{"actions":["update"],"before":{values},"after":{values},"after_unknown":{{"arn":true,"tags_all":{{}}}},"before_sensitive":{{"tags":{{}}}},"after_sensitive":{{"tags":{{}}}}}}}}"#
        )
    });
    put(r#"],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":["#);
    join(&mut put, &|number| {
        format!(r#"{{{},"values":{},"sensitive_values":{{"tags":{{}}}}}}"#, head(number), values(number))
    });
    put(r#"]}}},"configuration":{"provider_config":{"aws":{"name":"aws"}},"root_module":{"resources":["#);
    join(&mut put, &|number| {
        let head = head(number);
        format!(
            r#"{{{head},"expressions":{{"name":{{"references":["var.name","local.tags"]}},"tags":{{"constant_value":{{"Team":"platform"}}}}}}}}"#
        )
    });
    put("]}}}\n");
    out.flush().unwrap();
}

fn kind(number: usize) -> &'static str {
    match number % 1_000 {
        0 => "aws_s3_bucket",
        1 => "aws_cloudtrail",
        _ => ["aws_instance", "aws_security_group_rule", "aws_route53_record", "aws_lambda_function"][number % 4],
    }
}

fn head(number: usize) -> String {
    let kind = kind(number);
    format!(
        r#""address":"{kind}.r{number}","mode":"managed","type":"{kind}","name":"r{number}","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1"#
    )
}

/// About 900 bytes of attributes such as instances have: short and long texts, numbers, blocks, JSON in a string.
fn values(number: usize) -> String {
    format!(
        r#"{{"ami":"ami-{number:017x}","arn":"arn:aws:ec2:eu-west-1:111122223333:instance/i-{number:017x}","associate_public_ip_address":false,"availability_zone":"eu-west-1a","cpu_options":[{{"amd_sev_snp":"","core_count":2,"threads_per_core":2}}],"disable_api_stop":false,"ebs_optimized":true,"iam_instance_profile":"workers","instance_type":"m7i.large","monitoring":true,"policy":"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":\"arn:aws:s3:::data-{number}/*\"}}]}}","private_ip":"10.{}.{}.{}","root_block_device":[{{"delete_on_termination":true,"encrypted":true,"iops":3000,"throughput":125,"volume_size":80,"volume_type":"gp3"}}],"tags":{{"Name":"worker-{number}","Team":"platform","Cost":"{}"}},"timeouts":null,"user_data_replace_on_change":false,"vpc_security_group_ids":["sg-{number:017x}","sg-0123456789abcdef0"]}}"#,
        number % 200,
        number / 200 % 250,
        number % 250,
        number % 37
    )
}

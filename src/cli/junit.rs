//! Findings as `JUnit` XML: a suite for each section, a case for each finding.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::finding::{Finding, Standing};
use super::report::Report;

/// The document.
pub(crate) fn document(report: &Report) -> String {
    let mut document = Document::new("countersign");
    for section in &report.sections {
        let mut suite = TestSuite::new(section.name);
        suite.add_test_cases(section.findings.iter().map(case));
        document.add_test_suite(suite);
    }
    // Writing to a string fails for no document that was built here.
    document.to_string().unwrap_or_default()
}

fn case(finding: &Finding) -> TestCase {
    let message = format!("{} {}", finding.status.word(), finding.words);
    let status = match finding.standing {
        Standing::Expected => TestCaseStatus::success(),
        Standing::Violation => unsuccessful(NonSuccessKind::Failure, message.clone()),
        Standing::Undecided => unsuccessful(NonSuccessKind::Error, message.clone()),
    };
    let mut case = TestCase::new(finding.subject.as_str(), status);
    let lines = finding.attack.iter().chain(&finding.remarks);
    let lines = std::iter::once(&message).chain(lines);
    case.set_system_out(lines.map(String::as_str).collect::<Vec<_>>().join("\n"));
    case
}

fn unsuccessful(kind: NonSuccessKind, message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message);
    status
}

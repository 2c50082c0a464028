//! The statement that finds what a filter asks for: by an index where there is one, and no further than
//! the limit. What it finds is in order as it is found, so that nothing is sorted.

use rusqlite::types::Value;

use super::filter::Filter;

const COLUMNS: &str = "SELECT CAST(record AS BLOB), link, number FROM record";

/// The statement for a filter, and its values; [`Filter::matches`] has the last word.
pub(super) fn selection(filter: &Filter) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let mut bound = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let times = [
        filter.since_ms.map(|ms| ("at >=", column(ms).into())),
        filter.until_ms.map(|ms| ("at <=", column(ms).into())),
    ];
    let kind = filter.kind.map(|it| it.as_str().to_owned());
    let policy = filter.policy.map(|it| it.as_str().to_owned());
    let words = [
        // There is no column for either, and a log that was written without one stays as it is.
        kind.map(|it| ("json_extract(record, '$.type') =", it.into())),
        policy.map(|it| ("json_extract(record, '$.policy') =", it.into())),
    ];
    let parts = times.into_iter().chain(words).flatten();
    let mut parts: Vec<String> = parts
        .map(|(part, value)| format!("{part} {}", bound(value)))
        .collect();
    let agent = filter.agent.as_ref();
    let agent = agent.map(|agent| bound(agent.as_str().to_owned().into()));
    let walks = match (&filter.correlation_id, agent) {
        (Some(id), agent) => {
            let id = bound(id.to_string().into());
            parts.push(format!("correlation_id = {id}"));
            // A conversation is shorter than all that an agent has to do with: '+' keeps its index out.
            parts.extend(agent.map(|it| format!("(+sender = {it} OR +recipient = {it})")));
            vec![walk(&parts, None)]
        }
        // Two walks, because for an OR everything that is found would be sorted first.
        (None, Some(agent)) => [
            format!("sender = {agent}"),
            format!("recipient = {agent} AND sender IS NOT {agent}"),
        ]
        .map(|part| walk(&parts, Some(&part)))
        .to_vec(),
        (None, None) => vec![walk(&parts, None)],
    };
    let mut statement = format!("{} ORDER BY number DESC", walks.join(" UNION ALL "));
    if let Some(limit) = filter.limit {
        let limit = bound(column(limit as u64).into());
        statement = format!("{statement} LIMIT {limit}");
    }
    (statement, values)
}

/// What one walk along the table or an index finds.
fn walk(parts: &[String], part: Option<&String>) -> String {
    let parts: Vec<&str> = parts.iter().chain(part).map(String::as_str).collect();
    if parts.is_empty() {
        return COLUMNS.to_owned();
    }
    format!("{COLUMNS} WHERE {}", parts.join(" AND "))
}

/// A number as `SQLite` stores it; beyond its range, the greatest stands.
pub(super) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

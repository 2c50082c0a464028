//! `countersign serve`: the bus of a deployment, until it is told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;

use countersign::service::{Clock, Owner, Setup, http};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::keygen;
use crate::cli::args::{LogLevel, ServeOptions, TraceFormat};
use crate::cli::misuse::Misuse;
use crate::cli::{ambient, deployment, screen};

pub(crate) fn run(options: &ServeOptions) -> Result<ExitCode, Misuse> {
    let deployment = deployment::read(&options.deployment)?;
    let envelope_bytes_max = deployment.limits().admission.envelope_bytes_max;
    let key = keygen::read_secret(&options.key)?;
    trace(options);
    // A clock that fails says 1970: then everything is from the future.
    let setup = Setup {
        state: options.state.clone(),
        deployment,
        key,
        clock: Clock::new(|| ambient::now_ms().unwrap_or_default()),
        record: options.record.clone(),
        pages_max: options.pages_max,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Misuse::failed)?;
    runtime.block_on(async {
        let port = options.port.unwrap_or(options.listen.port());
        let address = SocketAddr::new(options.listen.ip(), port);
        let listener = http::listen(address).await.map_err(|error| {
            Misuse::new(error, "choose another address with --listen, or --port 0")
        })?;
        let (ended, ending) = oneshot::channel();
        let (owner, service) = Owner::start(setup, ended).map_err(Misuse::failed)?;
        let chosen = listener.local_addr().map_err(Misuse::failed)?;
        let over = stopped(ending).map_err(Misuse::failed)?;
        screen::print(&format!("listening on http://{chosen}/\n"));
        http::serve(listener, service, envelope_bytes_max, over).await;
        owner.stop().map_err(Misuse::failed)?;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

/// Ends when the user says so, or when the bus has stopped by itself.
fn stopped(ending: oneshot::Receiver<()>) -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = ending => {}
        }
    })
}

/// Logs to stderr: ids, types, codes and record numbers; never a payload, a salt or a key.
fn trace(options: &ServeOptions) {
    let level = match options.log {
        LogLevel::Error => tracing::Level::ERROR,
        LogLevel::Info => tracing::Level::INFO,
        LogLevel::Debug => tracing::Level::DEBUG,
    };
    let logs = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_target(false);
    match options.log_format {
        TraceFormat::Text => logs.with_ansi(false).init(),
        TraceFormat::Json => logs.json().flatten_event(true).init(),
    }
}

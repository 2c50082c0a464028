//! JSON-RPC over HTTP, on the loopback interface only.
//!
//! Bytes come in, bounded before they are read; what they mean is not decided here.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::owner::{Service, Unanswered};
use super::rpc;

/// How many requests are looked at at once; the others wait with theirs sent.
const REQUESTS_MAX: usize = 256;
/// How many connections are open at once; further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 512;
/// How long a connection may be idle, and how long a request may take to be sent: its head, and its body.
const READING: Duration = Duration::from_secs(5);
/// How long a connection may be held. Whoever sends without end, or never reads its answers, keeps others
/// out for no longer than that.
const HOLD: Hold = Hold {
    lasting: Duration::from_secs(60),
    parting: Duration::from_secs(5),
};
/// How long nothing is accepted after the operating system could not.
const PAUSE: Duration = Duration::from_millis(100);
/// How long whoever is refused waits for its answer: a connection has one request at a time, so a flood
/// of what is refused costs its sender more than anybody else.
const REFUSAL: Duration = Duration::from_millis(100);

/// How long a connection may be held.
#[derive(Clone, Copy)]
struct Hold {
    /// How long it takes requests.
    lasting: Duration,
    /// How long it is then given to end: to send the rest of a request, and to read the answer. So long it
    /// also keeps the bus from stopping.
    parting: Duration,
}

/// Why there is nothing to listen on.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Others could reach it.
    #[error("{address} can be reached from other machines; listen on 127.0.0.1 or [::1]")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The operating system refuses.
    #[error("failed to listen on {address}: {source}")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// Listens on an address of the loopback interface.
///
/// # Errors
/// [`ListenError`]: any other address, or one that is taken.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    if !address.ip().is_loopback() {
        return Err(ListenError::NotLoopback { address });
    }
    let listening = TcpListener::bind(address).await;
    listening.map_err(|source| ListenError::Refused { address, source })
}

/// Serves until `over` is; requests that have come are still answered, but for those that are not sent
/// whole within a few seconds.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    envelope_bytes_max: usize,
    over: impl Future<Output = ()> + Send + 'static,
) {
    let door = Door {
        service,
        envelope_bytes_max,
        room: Arc::new(Semaphore::new(REQUESTS_MAX)),
    };
    let router = Router::new().route("/", post(answer)).with_state(door);
    serve_with(listener, router, HOLD, over).await;
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    hold: Hold,
    over: impl Future<Output = ()> + Send + 'static,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(READING);
    let open = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (stopping, _) = watch::channel(());
    let mut over = pin!(over);
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &open) => accepted,
            () = &mut over => break,
        };
        let answering = TowerToHyperService::new(router.clone());
        let connection = http.serve_connection(TokioIo::new(stream), answering);
        let mut stopped = stopping.subscribe();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            // Whoever went away, or was too slow, has its answer in the log if there is one.
            let ended = tokio::select! {
                _ = connection.as_mut() => true,
                () = sleep(hold.lasting) => false,
                _ = stopped.changed() => false,
            };
            if !ended {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(hold.parting, connection).await;
            }
            drop((stopped, place));
        });
    }
    drop(listener);
    let _ = stopping.send(());
    let _ = timeout(hold.parting, stopping.closed()).await;
}

/// The next connection, and its place among those that are open.
async fn accept(
    listener: &TcpListener,
    open: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // Closed never, so a place is given some time.
    let place = Arc::clone(open).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(error) => {
                tracing::warn!(error = error.to_string(), "no connection was accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

#[derive(Clone)]
struct Door {
    service: Service,
    envelope_bytes_max: usize,
    room: Arc<Semaphore>,
}

async fn answer(State(door): State<Door>, body: Body) -> Response {
    let bytes_max = door.envelope_bytes_max + rpc::REQUEST_BYTES_MORE;
    let bytes = match timeout(READING, to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            let words =
                format!("the request is longer than {bytes_max} bytes, or was not sent whole\n");
            return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
        }
        Err(_) => {
            let seconds = READING.as_secs();
            let words = format!("the request was not sent whole within {seconds} s\n");
            return (StatusCode::REQUEST_TIMEOUT, words).into_response();
        }
    };
    // Closed never, so a place is given some time.
    let place = door.room.acquire().await;
    let (text, refused) = match rpc::read(&bytes, door.envelope_bytes_max) {
        Ok(request) => {
            let answer = door.service.ask(request.method, &request.envelope).await;
            let refused = matches!(answer, Err(Unanswered::Refused(_)));
            if let Err(unanswered) = &answer {
                let method = request.method.name();
                tracing::debug!(method, because = unanswered.to_string(), "no answer");
            }
            (rpc::write(&request.id, answer), refused)
        }
        Err(text) => (text, true),
    };
    drop(place);
    if refused {
        sleep(REFUSAL).await;
    }
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Write as _};

    use axum::routing::get;
    use tokio::sync::oneshot;
    use tokio::task::spawn_blocking;

    use super::*;

    #[tokio::test]
    async fn whoever_never_reads_its_answers_loses_its_connection() {
        let listener = listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "answer ".repeat(100_000) }));
        let hold = Hold {
            lasting: Duration::from_millis(200),
            parting: Duration::from_millis(200),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let over = async {
            let _ = stopped.await;
        };
        let serving = tokio::spawn(serve_with(listener, router, hold, over));
        let ended = spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let patience = Duration::from_secs(20);
            stream.set_write_timeout(Some(patience)).unwrap();
            let requests = "GET / HTTP/1.1\r\nHost: bus\r\n\r\n".repeat(1_000);
            // Until the other end takes no more, and then until it is gone.
            loop {
                if let Err(error) = stream.write_all(requests.as_bytes()) {
                    break error.kind();
                }
            }
        });
        let gone = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        let ended = ended.await.unwrap();
        assert!(gone.contains(&ended), "{ended:?}");
        stop.send(()).unwrap();
        serving.await.unwrap();
    }
}

//! JSON-RPC over HTTP, on the loopback interface only.
//!
//! Bytes come in, bounded before they are read; what they mean is not decided here.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::owner::Service;
use super::rpc;

/// How many requests are looked at at once; the others wait for theirs to be read.
const REQUESTS_MAX: usize = 256;

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

/// Serves until `over` is; requests that have come are still answered.
///
/// # Errors
/// What the operating system says.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    envelope_bytes_max: usize,
    over: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let door = Door {
        service,
        envelope_bytes_max,
        room: Arc::new(Semaphore::new(REQUESTS_MAX)),
    };
    let router = Router::new().route("/", post(answer)).with_state(door);
    axum::serve(listener, router)
        .with_graceful_shutdown(over)
        .await
}

#[derive(Clone)]
struct Door {
    service: Service,
    envelope_bytes_max: usize,
    room: Arc<Semaphore>,
}

async fn answer(State(door): State<Door>, body: Body) -> Response {
    // Closed never, so a place is given some time.
    let _place = door.room.acquire().await;
    let bytes_max = door.envelope_bytes_max + rpc::REQUEST_BYTES_MORE;
    let Ok(bytes) = to_bytes(body, bytes_max).await else {
        let words =
            format!("the request is longer than {bytes_max} bytes, or was not sent whole\n");
        return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
    };
    let text = match rpc::read(&bytes, door.envelope_bytes_max) {
        Ok(request) => {
            let answer = door.service.ask(request.method, &request.envelope).await;
            if let Err(unanswered) = &answer {
                let method = request.method.name();
                tracing::debug!(method, because = unanswered.to_string(), "no answer");
            }
            rpc::write(&request.id, answer)
        }
        Err(text) => text,
    };
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

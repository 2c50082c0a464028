mod behaviour;
mod fixture;
mod mailbox;
mod precedence;

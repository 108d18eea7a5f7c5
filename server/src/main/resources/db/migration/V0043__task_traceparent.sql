-- Which trace whoever asked for the task was in (W3C Trace Context): the attempts go on with it.
alter table task add column traceparent text;

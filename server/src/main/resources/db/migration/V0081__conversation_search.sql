-- Search in what was said and in titles. Owning room: conversations.
-- The words of a text, in any language: without marks over letters, in small letters, without punctuation, and each Han or
-- Kana character a word of its own, since their languages write no spaces. dev.steward.conversations.SearchWords does the
-- same to what is asked for. The owner is a word too, with a sign that no text can have, so that one person's search never
-- walks through another's messages. The first 100,000 characters count: a tsvector can't hold more than a megabyte, and a
-- message that can't be found by its end is better than one that can't be stored.
create function steward_words(owner uuid, content text) returns tsvector
    language sql immutable parallel safe
    return to_tsvector('pg_catalog.simple'::regconfig,
                       regexp_replace(
                           regexp_replace(
                               regexp_replace(lower(normalize(left(content, 100000), NFKD)),
                                              '[\u0300-\u036f\u3099\u309a]+', '', 'g'),
                               '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g'),
                           '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g'))
           || array_to_tsvector(array['=' || replace(owner::text, '-', '')]);

create index conversation_log_by_words on conversation_log using gin (steward_words(owner, content))
    where kind in ('user', 'assistant');
create index conversation_by_words on conversation using gin (steward_words(owner, title)) where deleted_at is null;

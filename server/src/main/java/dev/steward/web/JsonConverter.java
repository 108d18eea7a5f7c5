package dev.steward.web;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON, but never an [EventStream]: that is a stream, whatever format its caller prefers.
final class JsonConverter extends JacksonJsonHttpMessageConverter {

    JsonConverter(JsonMapper json) {
        super(json);
    }

    @Override
    public boolean canWrite(ResolvableType type, Class<?> valueClass, @Nullable MediaType mediaType) {
        return valueClass != EventStream.class && super.canWrite(type, valueClass, mediaType);
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return type != EventStream.class && super.canWrite(type, mediaType);
    }
}

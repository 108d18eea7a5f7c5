package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.Page;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes a list as CSV when the caller accepts `text/csv`: one line for each item, one column for each field,
/// lists and objects as JSON. A text that a spreadsheet would run as a formula gets an apostrophe before it. The
/// cursor of the next page is in the `X-Next-Cursor` header.
///
/// Source: RFC 4180; OWASP CSV injection.
final class PageCsvConverter implements HttpMessageConverter<Page<?>> {

    static final String NEXT_CURSOR_HEADER = "X-Next-Cursor";

    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
    private static final String FORMULA_STARTS = "=+-@\t\r\n|";

    private final JsonMapper json;

    PageCsvConverter(JsonMapper json) {
        this.json = requireNonNull(json, "json");
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return type == Page.class && (mediaType == null || CSV.isCompatibleWith(mediaType));
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
        return List.of(CSV);
    }

    @Override
    public List<MediaType> getSupportedMediaTypes(Class<?> type) {
        return type == Page.class ? getSupportedMediaTypes() : List.of();
    }

    @Override
    public Page<?> read(Class<? extends Page<?>> type, HttpInputMessage input) {
        throw new UnsupportedOperationException("CSV is only written");
    }

    @Override
    public void write(Page<?> page, @Nullable MediaType mediaType, HttpOutputMessage output) throws IOException {
        output.getHeaders().setContentType(CSV);
        page.nextCursor()
                .map(Cursor::encode)
                .ifPresent(next -> output.getHeaders().set(NEXT_CURSOR_HEADER, next));
        List<JsonNode> items = new ArrayList<>();
        page.items().forEach(item -> items.add(json.valueToTree(item)));
        Set<String> columns = new LinkedHashSet<>();
        items.forEach(item -> columns.addAll(item.propertyNames()));
        Writer text = new OutputStreamWriter(output.getBody(), StandardCharsets.UTF_8);
        CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180);
        if (!columns.isEmpty()) {
            printer.printRecord(columns);
        }
        for (JsonNode item : items) {
            printer.printRecord(columns.stream().map(column -> cell(item.path(column))));
        }
        printer.flush();
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            return value.toString();
        }
        String text = value.stringValue();
        boolean formula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
        return formula ? "'" + text : text;
    }
}

package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Version;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;

/// What every operation of the OpenAPI document has because of what its endpoint declares: who may call it, how
/// lists are asked for, which problems it answers with.
final class ApiDocument {

    private static final String PROBLEM_SCHEMA = "#/components/schemas/Problem";

    /// The answers at each address, of all methods there.
    private final Map<String, ApiResponses> answers = new ConcurrentHashMap<>();

    /// The parts that do not come from controllers.
    static OpenAPI frame() {
        return new OpenAPI()
                .info(new Info()
                        .title("Steward")
                        .description("A self-hosted AI assistant server that drops nothing.")
                        .version(Version.current().number())
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/")))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An access token, or an API key (stw_…)."))
                        .addSecuritySchemes(
                                "browser",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name(AuthCookies.access(false))
                                        .description("A browser's session. Over TLS the name begins with __Host-;"
                                                + " changes need the X-CSRF-Token header.")));
    }

    /// Adds the problem document's own schema and puts paths in order.
    static void finish(OpenAPI document) {
        ModelConverters.getInstance(true)
                .readAll(new AnnotatedType(Problem.class))
                .forEach((name, schema) -> document.getComponents().addSchemas(name, schema));
        var paths = new Paths();
        new TreeMap<>(document.getPaths()).forEach(paths::addPathItem);
        document.setPaths(paths);
    }

    /// Completes one operation.
    Operation complete(Operation operation, HandlerMethod method) {
        Endpoint endpoint = method.getMethodAnnotation(Endpoint.class);
        if (endpoint == null) {
            return operation;
        }
        operation.setTags(List.of(tag(method)));
        operation.setOperationId(operationId(method));
        operation.setSecurity(
                endpoint.permission() == Permission.PUBLIC
                        ? List.of()
                        : List.of(
                                new SecurityRequirement().addList("bearer"),
                                new SecurityRequirement().addList("browser")));
        operation.addExtension("x-permission", endpoint.permission().name().toLowerCase(Locale.ROOT));
        namesInPaths(operation);
        Listing listing = listing(method);
        if (listing != null) {
            listParameters(listing).forEach(operation::addParametersItem);
        }
        if (endpoint.idempotency() == Idempotency.KEY) {
            operation.addParametersItem(idempotencyKey());
        }
        orNull(operation);
        responses(operation, method, endpoint, listing != null);
        mergeWithTwin(operation, method);
        return operation;
    }

    /// Two methods may answer at one address in different formats; springdoc makes one operation of both and keeps what
    /// the last one said: they share their answers.
    private void mergeWithTwin(Operation operation, HandlerMethod method) {
        ApiResponses both = answers.computeIfAbsent(address(method), _ -> new ApiResponses());
        operation.getResponses().forEach(both::putIfAbsent);
        operation.setResponses(both);
        if (operation.getParameters() != null) {
            Set<String> seen = new LinkedHashSet<>();
            operation.getParameters().removeIf(parameter -> !seen.add(parameter.getIn() + " " + parameter.getName()));
        }
    }

    private static String address(HandlerMethod method) {
        RequestMapping mapping = requireNonNull(
                AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), RequestMapping.class), "mapping");
        return method.getBeanType().getName() + " " + List.of(mapping.method()) + " " + List.of(mapping.path());
    }

    /// A name in a path is one plain word: servers and proxies refuse slashes and control characters there.
    private static void namesInPaths(Operation operation) {
        if (operation.getParameters() == null) {
            return;
        }
        for (Parameter parameter : operation.getParameters()) {
            if ("path".equals(parameter.getIn()) && parameter.getSchema().getFormat() == null) {
                parameter.getSchema().setPattern("^[A-Za-z0-9][A-Za-z0-9._:@-]*$");
            }
        }
    }

    /// A body that may be left out may also be `null`.
    private static void orNull(Operation operation) {
        if (operation.getRequestBody() == null
                || Boolean.TRUE.equals(operation.getRequestBody().getRequired())) {
            return;
        }
        for (MediaType type : operation.getRequestBody().getContent().values()) {
            Schema<Object> nothing = new JsonSchema();
            nothing.addType("null");
            Schema<Object> either = new JsonSchema();
            either.addAnyOfItem(type.getSchema());
            either.addAnyOfItem(nothing);
            type.setSchema(either);
        }
    }

    private static void responses(Operation operation, HandlerMethod method, Endpoint endpoint, boolean list) {
        ApiResponses responses = operation.getResponses();
        responses.forEach((status, response) -> {
            response.addHeaderObject("X-Request-Id", header("Names this request in logs."));
            mediaTypes(response, method);
        });
        for (String status : problems(operation, method, endpoint, list)) {
            responses.addApiResponse(status, problem(status));
        }
        // An answer that chooses its own status (health) keeps its own shape when it says 503.
        ApiResponse well = responses.get("200");
        ApiResponse unwell = responses.get("503");
        boolean choosesStatus = method.getMethod().getReturnType() == ResponseEntity.class;
        if (choosesStatus && well != null && unwell != null && well.getContent() != null) {
            well.getContent().forEach(unwell.getContent()::addMediaType);
        }
    }

    /// The statuses that an endpoint can answer with besides its own, by what it declares.
    private static Set<String> problems(Operation operation, HandlerMethod method, Endpoint endpoint, boolean list) {
        boolean body =
                Stream.of(method.getMethodParameters()).anyMatch(p -> p.hasParameterAnnotation(RequestBody.class));
        boolean path = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(p -> "path".equals(p.getIn()));
        Set<String> statuses = new LinkedHashSet<>(List.of("400"));
        if (endpoint.permission() != Permission.PUBLIC || endpoint.rate() == RateClass.AUTH) {
            statuses.addAll(List.of("401", "403"));
        }
        if (path) {
            statuses.add("404");
        }
        statuses.add("406");
        if (endpoint.idempotency() != Idempotency.SAFE) {
            statuses.add("409");
        }
        if (body) {
            statuses.addAll(List.of("413", "415"));
        }
        boolean values = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(p -> !"path".equals(p.getIn()));
        if (body || list || values || endpoint.idempotency() == Idempotency.KEY) {
            statuses.add("422");
        }
        if (endpoint.rate() != RateClass.NONE) {
            statuses.add("429");
        }
        statuses.addAll(List.of("500", "503"));
        operation.getResponses().keySet().forEach(statuses::remove);
        return statuses;
    }

    private static ApiResponse problem(String status) {
        ApiResponse response = new ApiResponse()
                .description(Titles.of(Integer.parseInt(status)))
                .content(new Content()
                        .addMediaType(
                                Problem.MEDIA_TYPE, new MediaType().schema(new JsonSchema().$ref(PROBLEM_SCHEMA))));
        response.addHeaderObject("X-Request-Id", header("Names this request in logs."));
        if (status.equals("401")) {
            response.addHeaderObject("WWW-Authenticate", header("How to sign in."));
        }
        if (status.equals("429") || status.equals("503")) {
            response.addHeaderObject("Retry-After", header("Seconds to wait."));
        }
        return response;
    }

    /// Springdoc writes `*/*` where a method names no media type: it is JSON, for lists also CSV, and events
    /// for streams.
    private static void mediaTypes(ApiResponse response, HandlerMethod method) {
        Content content = response.getContent();
        MediaType any = content == null ? null : content.remove("*/*");
        if (any == null || content == null) {
            return;
        }
        Class<?> type = returned(method);
        if (type == byte[].class || type == String.class || type == void.class) {
            content.addMediaType("text/plain", new MediaType().schema(text()));
            return;
        }
        if (type == EventStream.class) {
            content.addMediaType("text/event-stream", any);
            return;
        }
        content.addMediaType("application/json", any);
        if (type == Page.class) {
            content.addMediaType("text/csv", new MediaType().schema(text()));
        }
    }

    /// What a method returns, without the envelope that carries its status.
    private static Class<?> returned(HandlerMethod method) {
        ResolvableType type = ResolvableType.forMethodReturnType(method.getMethod());
        return (type.resolve() == ResponseEntity.class ? type.getGeneric(0) : type).resolve(Object.class);
    }

    private static List<Parameter> listParameters(Listing listing) {
        List<Parameter> parameters = new ArrayList<>();
        Schema<Object> limit = new JsonSchema();
        limit.addType("integer");
        limit.setMinimum(BigDecimal.ONE);
        limit.setMaximum(BigDecimal.valueOf(PageRequest.LIMIT_MAX));
        limit.setDefault(PageRequest.LIMIT_DEFAULT);
        parameters.add(query("limit", "Most items to return.", limit));
        Schema<Object> cursor = text();
        cursor.setMaxLength(Cursor.LENGTH_MAX);
        parameters.add(query("cursor", "The next_cursor of the page before, unchanged.", cursor));
        Schema<Object> sort = text();
        for (String name : listing.sorts()) {
            String plain = name.startsWith("-") ? name.substring(1) : name;
            sort.addEnumItemObject(plain);
            sort.addEnumItemObject("-" + plain);
        }
        sort.setDefault(listing.sorts()[0]);
        parameters.add(query("sort", "The field to order by, with - before it: greatest first.", sort));
        for (String filter : listing.filters()) {
            Schema<Object> value = text();
            value.setMinLength(1);
            value.setMaxLength(200);
            value.setPattern("^[^\\x00-\\x1f\\x7f-\\x9f]*$");
            parameters.add(query(filter, "Only items with this value.", value));
        }
        return parameters;
    }

    private static Parameter query(String name, String description, Schema<?> schema) {
        return new QueryParameter()
                .name(name)
                .description(description)
                .required(false)
                .schema(schema);
    }

    private static Parameter idempotencyKey() {
        Schema<Object> key = text();
        key.setPattern("^" + RepeatGuard.KEY_PATTERN + "$");
        return new HeaderParameter()
                .name(RepeatGuard.HEADER)
                .description("Makes repeats of this request answer the same for 24 hours; for instance a UUID.")
                .required(false)
                .schema(key);
    }

    private static Header header(String description) {
        return new Header().description(description).schema(text());
    }

    private static Schema<Object> text() {
        Schema<Object> schema = new JsonSchema();
        schema.addType("string");
        return schema;
    }

    private static String tag(HandlerMethod method) {
        return method.getBeanType().getSimpleName().replaceFirst("Controller$", "");
    }

    /// Unique and stable: clients are generated from it.
    private static String operationId(HandlerMethod method) {
        String tag = tag(method);
        return Character.toLowerCase(tag.charAt(0)) + tag.substring(1) + "_"
                + method.getMethod().getName();
    }

    private static @Nullable Listing listing(HandlerMethod method) {
        for (MethodParameter parameter : method.getMethodParameters()) {
            Listing listing = parameter.getParameterAnnotation(Listing.class);
            if (listing != null) {
                return listing;
            }
        }
        return null;
    }
}

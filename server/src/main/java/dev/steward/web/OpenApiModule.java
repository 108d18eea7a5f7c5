package dev.steward.web;

import dev.steward.base.Principal;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.OpenAPI;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the OpenAPI document at `/openapi.json` and its page at `/docs` from the controllers.
@Configuration(proxyBeanMethods = false)
class OpenApiModule {

    OpenApiModule() {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Principal.class, NewResourceId.class, RequestId.class, PageRequest.class);
    }

    @Bean
    OpenAPI openApiFrame() {
        return ApiDocument.frame();
    }

    @Bean
    ModelConverter recordSchemas() {
        return new RecordSchemas();
    }

    @Bean
    OperationCustomizer endpointsInOpenApi() {
        return new ApiDocument()::complete;
    }

    @Bean
    OpenApiCustomizer openApiEnd() {
        return ApiDocument::finish;
    }
}

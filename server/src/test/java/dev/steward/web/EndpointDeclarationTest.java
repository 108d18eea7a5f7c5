package dev.steward.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.web.bind.annotation.RequestMapping;

/// Forgetting to say what an endpoint asks of its callers fails the build, not the first request.
@AnalyzeClasses(packages = "dev.steward", importOptions = DoNotIncludeTests.class)
class EndpointDeclarationTest {

    @ArchTest
    static final ArchRule everyEndpointDeclaresWhatItAsks =
            methods().that().areMetaAnnotatedWith(RequestMapping.class).should().beAnnotatedWith(Endpoint.class);
}

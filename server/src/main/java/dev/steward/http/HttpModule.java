package dev.steward.http;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the ways out: one for addresses that users name, one for the operator's backends.
@Configuration(proxyBeanMethods = false)
public class HttpModule {

    @Bean(destroyMethod = "close")
    Egress egress(EgressConfig config) {
        return new Egress(config);
    }

    @Bean(destroyMethod = "close")
    EgressPool egressPool(EgressConfig config) {
        return new EgressPool(config);
    }
}

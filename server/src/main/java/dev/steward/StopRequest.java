package dev.steward;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/// That Steward shall stop: asked at most once, at any time, also while it is still starting. Then the start is given
/// up before the next part of it, and what was started already is stopped in order.
///
/// Safe for use by many threads.
final class StopRequest {

    private final ReentrantLock lock = new ReentrantLock();
    private final Runnable heard;
    private boolean made;
    private @Nullable Runnable action;

    /// @param heard called once, at once, when somebody asks
    StopRequest(Runnable heard) {
        this.heard = heard;
    }

    /// Ends a start that is not wanted any more.
    static final class StartGivenUpException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StartGivenUpException() {
            super("told to stop");
        }
    }

    /// @return whether it is the first time
    boolean make() {
        Runnable now;
        lock.lock();
        try {
            if (made) {
                return false;
            }
            made = true;
            now = action;
        } finally {
            lock.unlock();
        }
        heard.run();
        if (now != null) {
            now.run();
        }
        return true;
    }

    boolean made() {
        lock.lock();
        try {
            return made;
        } finally {
            lock.unlock();
        }
    }

    /// Says what stops a server that has started; done at once if it was asked for meanwhile.
    void stopBy(Runnable stop) {
        boolean late;
        lock.lock();
        try {
            action = stop;
            late = made;
        } finally {
            lock.unlock();
        }
        if (late) {
            stop.run();
        }
    }

    /// Looks before each bean is made ready, and once the database is there, which takes longest.
    void watch(ConfigurableApplicationContext context) {
        var beans = context.getBeanFactory();
        beans.addBeanPostProcessor(new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                check();
                return bean;
            }
        });
        beans.registerSingleton("stopRequest", new AfterDatabase());
    }

    private void check() {
        if (made()) {
            throw new StartGivenUpException();
        }
    }

    private final class AfterDatabase implements SmartLifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            check();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE + 1;
        }
    }
}

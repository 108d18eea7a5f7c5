package dev.steward.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up. In the product it is the system's; tests answer what they like.
@FunctionalInterface
interface NameService {

    InetAddress[] lookUp(String host) throws UnknownHostException;

    /// The system's, with a limit: a look-up that hangs holds neither its caller nor a carrier of virtual threads.
    ///
    /// @param waitMax longest wait for an answer
    static NameService system(Duration waitMax) {
        int lookUpsMax = 32; // More at once mean that the name server is gone.
        var threads = new ThreadPoolExecutor(
                lookUpsMax,
                lookUpsMax,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1_000),
                Thread.ofPlatform().daemon().name("names-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return host -> lookUp(host, threads, waitMax);
    }

    private static InetAddress[] lookUp(String host, ExecutorService threads, Duration waitMax)
            throws UnknownHostException {
        if (host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1))) {
            return new InetAddress[] {InetAddress.ofLiteral(host)}; // Target lets through no other name like this.
        }
        try {
            Future<InetAddress[]> answer = threads.submit(() -> InetAddress.getAllByName(host));
            return answer.get(waitMax.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw unknown(host, e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw unknown(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        }
    }

    private static UnknownHostException unknown(String host, Exception cause) {
        var failure = new UnknownHostException(host);
        failure.initCause(cause);
        return failure;
    }
}

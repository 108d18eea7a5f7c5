package dev.steward.http;

import dev.steward.base.AddressRange;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Tells addresses of the public internet from all others: private, local, reserved, translated.
///
/// IPv4 is public unless listed; IPv6 is public only inside 2000::/3 and there unless listed. An IPv4 address
/// inside an IPv6 one is judged by itself. The JDK's own predicates don't do: they say no to `fd00::1`,
/// `100.64.0.1` and more. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), state of 2025.
final class SpecialAddresses {

    private static final List<AddressRange> V4 = ranges(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, and the metadata service of every cloud
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    private static final AddressRange V6_PUBLIC = AddressRange.parse("2000::/3");

    private static final List<AddressRange> V6 = ranges(
            "2001::/23", // protocol assignments, Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: any IPv4 address in disguise
            "3fff::/20"); // documentation

    /// NAT64 (RFC 6052): on networks without IPv4 every IPv4 host looks like this.
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");

    /// Where clouds answer with the credentials of the machine that asks: AWS (also for containers), Azure, Google,
    /// Oracle and others; Azure's host agent; Alibaba; the IPv6 ones of AWS and Google.
    private static final List<AddressRange> METADATA = ranges(
            "169.254.169.0/24",
            "169.254.170.0/24",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::/32",
            "fd20:ce::254");

    private SpecialAddresses() {}

    static boolean isMetadata(InetAddress address) {
        return METADATA.stream().anyMatch(range -> range.contains(address))
                || (NAT64.contains(address) && isMetadata(embedded(address)));
    }

    static boolean isPublic(InetAddress address) {
        if (address instanceof Inet4Address) {
            return V4.stream().noneMatch(range -> range.contains(address));
        }
        if (NAT64.contains(address)) {
            return isPublic(embedded(address));
        }
        return V6_PUBLIC.contains(address) && V6.stream().noneMatch(range -> range.contains(address));
    }

    private static InetAddress embedded(InetAddress address) {
        byte[] bytes = address.getAddress();
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }
}

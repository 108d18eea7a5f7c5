package dev.steward.base;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// A CIDR range of IP addresses, or a single one.
///
/// @param network    the address before the slash; bits behind the prefix do not matter
/// @param prefixBits 0 to 32, or 0 to 128
///
/// Source: RFC 4632, section 3.1.
public record AddressRange(InetAddress network, int prefixBits) {

    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /// Reads `10.0.0.0/8`, `::1`, `192.168.1.7`; never resolves a name.
    ///
    /// @throws IllegalArgumentException saying what would pass
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = address(slash < 0 ? text : text.substring(0, slash));
        int bits = network.getAddress().length * 8;
        try {
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix >= 0 && prefix <= bits) {
                return new AddressRange(network, prefix);
            }
        } catch (NumberFormatException _) {
            // Answered below, together with a prefix out of range.
        }
        throw new IllegalArgumentException(text + ": the prefix must be 0 to " + bits);
    }

    /// Reads an IP address in its numeric form; never resolves a name.
    ///
    /// @throws IllegalArgumentException when it is none
    public static InetAddress address(String text) {
        if (V4.matcher(text).matches() || V6.matcher(text).matches()) {
            return InetAddress.ofLiteral(text);
        }
        throw new IllegalArgumentException(text + " is not an IP address");
    }

    /// Whether the address lies in this range; never one of the other IP version.
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = prefixBits % 8;
        int mask = 0xFF << (8 - rest);
        return rest == 0 || (mine[whole] & mask) == (other[whole] & mask);
    }
}

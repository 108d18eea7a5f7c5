package dev.steward.web;

/// The short, constant title of each HTTP status that Steward sends (RFC 9457, section 3.1.3).
final class Titles {

    private Titles() {}

    static String of(int status) {
        return switch (status) {
            case 400 -> "The request can't be read";
            case 401 -> "Sign-in needed";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 406 -> "No such representation";
            case 409 -> "In conflict with the current state";
            case 410 -> "Gone";
            case 413 -> "Request too large";
            case 414 -> "Address too long";
            case 415 -> "Content type not understood";
            case 422 -> "Values refused";
            case 429 -> "Too many requests";
            case 431 -> "Headers too large";
            case 500 -> "Internal error";
            case 502 -> "Network error";
            case 503 -> "Not available now";
            case 504 -> "Took too long";
            default -> status < 500 ? "Request refused" : "Internal error";
        };
    }
}

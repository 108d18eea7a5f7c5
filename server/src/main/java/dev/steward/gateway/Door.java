package dev.steward.gateway;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/// Who may come in.
interface Door {
    Principal admit(HttpServletRequest request, HttpServletResponse response, Permission permission);
}

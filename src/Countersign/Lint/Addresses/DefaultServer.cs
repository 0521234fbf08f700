namespace Countersign.Lint.Addresses;

/// <summary>A server to paste.</summary>
internal static class DefaultServer
{
    public static string ThatRefuses(IReadOnlyList<LintAddress> addresses) =>
        $"server {{\n{string.Concat(addresses.Take(LintText.Most).Select(address => $"    listen {address.Text} ssl default_server;\n"))}    ssl_reject_handshake on;\n}}";
}

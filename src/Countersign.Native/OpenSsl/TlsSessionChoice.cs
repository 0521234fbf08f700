namespace Countersign.Native;

/// <summary>How one client's sessions are kept: decided at its ClientHello, before libssl looks at what it would resume.</summary>
internal static unsafe class TlsSessionChoice
{
    private const uint SupportedVersions = 43;
    private const uint TicketRequest = 58;

    // RFC 9149 leaves the bound to the server.
    private const int MaximumTickets = 4;

    /// <summary>
    /// With a store in the process a TLS 1.3 ticket is only the name of a session in it: OpenSSL 3.0 parses the client's certificate
    /// twice for each ticket that holds the session itself. One ticket is given unless the client asks for another number.
    /// </summary>
    public static void Make(nint ssl, TlsServerContext context, TlsConnection connection, ref TlsKnownTicket ticket)
    {
        if (!WillBeTls13(ssl))
        {
            ticket.Look(ssl, context, connection);
            return;
        }
        if (context.KeepsTickets)
        {
            _ = NativeConnection.SetOptions(ssl, NativeContext.OptionNoTicket);
        }
        byte* data;
        nuint length;
        if (NativeConnection.ClientHelloExtension(ssl, TicketRequest, &data, &length) != 0 && length == 2)
        {
            _ = NativeConnection.SetTickets(ssl, Math.Min((nuint)data[0], MaximumTickets));
        }
    }

    private static bool WillBeTls13(nint ssl)
    {
        if ((NativeConnection.Options(ssl) & NativeContext.OptionNoTls13) != 0
            || NativeConnection.Control(ssl, NativeConnection.CommandGetMaximumVersion, 0, null) is not (0 or >= NativeConnection.VersionTls13))
        {
            return false;
        }
        byte* data;
        nuint length;
        if (NativeConnection.ClientHelloExtension(ssl, SupportedVersions, &data, &length) == 0 || length < 3)
        {
            return false;
        }
        var versions = new ReadOnlySpan<byte>(data + 1, (int)length - 1);
        for (; versions.Length >= 2; versions = versions[2..])
        {
            if ((versions[0] << 8 | versions[1]) == NativeConnection.VersionTls13)
            {
                return true;
            }
        }
        return false;
    }
}

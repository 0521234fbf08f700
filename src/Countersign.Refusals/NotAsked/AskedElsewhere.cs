namespace Countersign.Refusals;

/// <summary>A handshake that the address's default server led, because the client named no server or none that is known.</summary>
internal static class AskedElsewhere
{
    /// <summary>
    /// How sure it is that this is why there is no certificate: proved when the default server does not ask at all; when it asks by another list,
    /// as sure as it is that the client picks by it. Null when the default server asks by the same list.
    /// </summary>
    public static Confidence? Of(NoCertificateCase request)
    {
        if (!request.IsLedElsewhere || request.IsSniKnown)
        {
            return null;
        }
        if (!request.WasAsked)
        {
            return request.Handshake.Asks ? null : Confidence.Proved;
        }
        if (request.Client.SendsWhatItHas || AdvertisedList.IsSame(request.Handshake, request.Addressed))
        {
            return null;
        }
        return request.History is { Leaf: not null } history
            && AdvertisedList.Leads(history.Sent, request.Addressed.AdvertisedNames) && !AdvertisedList.Leads(history.Sent, request.Handshake.AdvertisedNames)
            ? Confidence.Likely : Confidence.Possible;
    }

    /// <summary>What keeps the default server's settings out of another server's handshakes.</summary>
    public static Advice OwnCertificate(NoCertificateCase request) =>
        new(Blame.Operator, $"Give the server its own certificate ({request.Addressed.At})", "ssl_certificate server.pem; ssl_certificate_key server.key;");

    /// <summary>Which name led there.</summary>
    public static string Name(NoCertificateCase request) => request.IsLedByDefault
        ? "the server that the client named in its handshake has no ssl_certificate of its own" : request.Sni is { } sni
        ? $"the client named {Phrase.Quoted(sni)} in its handshake, which is no server_name of this address" : "the client named no server in its handshake (no SNI)";

    /// <summary><c>that server has ssl_verify_client off (nginx.conf:3)</c>, or which list it asked by.</summary>
    public static string Policy(NoCertificateCase request) => request.WasAsked
        ? $"which asks by another list than the server of the Host ({AdvertisedList.Size(request.Handshake)} against {AdvertisedList.Size(request.Addressed)})"
        : $"which has ssl_verify_client {request.Handshake.Trust.Mode} ({request.Handshake.Trust.ModeAt}) and did not ask";
}

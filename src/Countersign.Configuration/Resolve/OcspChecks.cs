using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>What nginx makes of ssl_ocsp when it sets a server up.</summary>
internal static class OcspChecks
{
    public static void CheckServer(LoadSession session, ServerScope server)
    {
        if (server.Get(OcspDirectives.Ocsp) == OcspDirectives.Question.None
            || (server.Get(SslDirectives.Certificates).Count == 0 && !server.Get(SslDirectives.RejectHandshake)))
        {
            return;
        }
        if (server.Get(SslDirectives.Verify) == VerifyClient.OptionalNoCa)
        {
            server.Set(OcspDirectives.Fault, session.ReportAfterFiles("ocsp-optional-no-ca",
                "\"ssl_ocsp\" is incompatible with \"ssl_verify_client optional_no_ca\"", server.Position,
                "A certificate of an unknown authority has nobody to ask: write ssl_verify_client on or optional, or ssl_ocsp off."));
        }
        else if (server.Get(OcspDirectives.Responder) is { Length: > 0 } url)
        {
            if (OcspResponderPlan.Parse(url, session.Options.Resolve, out var problem) is { } responder)
            {
                server.Set(OcspDirectives.Resolved, responder);
            }
            else
            {
                server.Set(OcspDirectives.Fault, session.ReportAfterFiles("invalid-ocsp-responder",
                    $"{problem} in \"ssl_ocsp_responder\"", server.Get(OcspDirectives.ResponderAt) ?? server.Position,
                    "Write http:// with a host that can be found."));
            }
        }
    }
}

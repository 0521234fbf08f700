using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>What nginx checks when the http block ends, in its order: upstreams, settings, locations, certificates of sockets, variables.</summary>
internal static class HttpResolver
{
    public static void Check(LoadSession session)
    {
        if (session.HasErrors)
        {
            // What is missing now may be what could not be read; nginx would not have come this far either.
            return;
        }
        foreach (var server in session.Servers)
        {
            // 512 is nginx's connection_pool_size.
            if (server.Get(HttpCoreDirectives.LargeClientHeaderBuffers).Size < 512)
            {
                session.Report(new ConfigurationProblem("small-header-buffers", ProblemLevel.Error,
                    "the \"large_client_header_buffers\" size must be equal to or greater than \"connection_pool_size\"", session.HttpEnd));
            }
        }
        session.Upstreams.Resolve();
        foreach (var server in session.Servers)
        {
            SslChecks.CheckServer(session, server);
            OcspChecks.CheckServer(session, server);
        }
        foreach (var server in session.Servers)
        {
            ProxyChecks.Check(session, server);
        }
        foreach (var server in session.Servers)
        {
            LocationChecks.Check(session, server);
        }
        SslChecks.CheckListens(session);
        CheckVariables(session);
    }

    private static void CheckVariables(LoadSession session)
    {
        foreach (var (name, position) in session.Script.Mentions)
        {
            if (!session.Variables.Defined.ContainsKey(name) && !KnownVariables.Exists(name))
            {
                var advice = Spelling.Advice(name, KnownVariables.Names.Concat(session.Variables.Defined.Keys));
                session.ReportUnplaced("unknown-variable", ProblemLevel.Error, $"unknown \"{name}\" variable", position, advice);
            }
        }
    }
}

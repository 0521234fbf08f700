using Countersign.Configuration;

namespace Countersign.Proxy.Watch;

/// <summary>Every log that a plan names with a constant path.</summary>
public static class LogPaths
{
    /// <exception cref="LogException">with nginx's text.</exception>
    public static void OpenAll(Plan plan, LogSet files)
    {
        foreach (var target in plan.Main.ErrorLogs)
        {
            _ = files.Open(target.Path);
        }
        if (plan.Http is { } http)
        {
            OpenRefusalLogs(http, files);
        }
        // As nginx: one directive that buffers a file buffers the lines of all that name it.
        var gathered = new Dictionary<LogFile, (int Size, TimeSpan? Flush)>();
        foreach (var location in plan.Http?.Locations ?? [])
        {
            foreach (var target in location.Core.ErrorLogs)
            {
                _ = files.Open(target.Path);
            }
            foreach (var log in location.Log.AccessLogs)
            {
                if (log.Path.Constant is { } path)
                {
                    var file = files.Open(ByteText.FromBytes(path));
                    if (log.BufferSize > 0 || !gathered.ContainsKey(file))
                    {
                        gathered[file] = (log.BufferSize, log.Flush);
                    }
                }
            }
        }
        foreach (var (file, (size, flush)) in gathered)
        {
            file.Gather(size > 0 ? new LogBuffers(ProxyServer.LoopCount(plan), size, flush) : LogBuffers.None);
        }
    }

    private static void OpenRefusalLogs(HttpPlan http, LogSet files)
    {
        foreach (var log in http.Servers.Select(server => server.Refusals.Log).OfType<RefusalLogPlan>())
        {
            try
            {
                _ = files.Open(log.Path);
            }
            catch (LogException) when (log.IsDefault)
            {
                // nginx would start with this configuration. What it does log is in error_log, refusals too.
            }
        }
        if (http.Refusals.LedgerFile is { } ledger)
        {
            _ = files.Open(ledger);
        }
    }
}

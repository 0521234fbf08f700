using Countersign.Configuration;

namespace Countersign.Proxy.Watch;

/// <summary>Every log that a plan names with a constant path.</summary>
public static class LogPaths
{
    /// <exception cref="LogException">with nginx's text.</exception>
    public static void OpenAll(Plan plan, LogFiles files)
    {
        foreach (var target in plan.Main.ErrorLogs)
        {
            _ = files.Open(target.Path);
        }
        foreach (var location in plan.Http?.Locations ?? [])
        {
            foreach (var target in location.Core.ErrorLogs)
            {
                _ = files.Open(target.Path);
            }
            foreach (var log in location.Log.AccessLogs)
            {
                if (log.Path.Constant is not null)
                {
                    var file = files.Open(log.Path.Source);
                    if (log.BufferSize > 0)
                    {
                        file.BufferUpTo(log.BufferSize);
                    }
                }
            }
        }
    }
}

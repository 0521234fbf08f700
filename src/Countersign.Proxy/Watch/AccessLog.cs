using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Watch;

/// <summary>access_log: one line for each request, in the formats and files its location says.</summary>
public sealed class AccessLog
{
    private readonly AccessLogTarget[][] _targets;

    /// <summary>No log at all.</summary>
    public AccessLog() => _targets = [];

    /// <param name="files">Where <see cref="LogPaths.OpenAll"/> has opened the files of this plan.</param>
    public AccessLog(HttpPlan http, LogFiles files)
    {
        var known = new Dictionary<AccessLogPlan, AccessLogTarget>();
        var formats = new Dictionary<LogFormatPlan, LogFormat>(ReferenceEqualityComparer.Instance);
        _targets = [.. http.Locations.Select(location => location.Log.AccessLogs.Select(Target).ToArray())];

        AccessLogTarget Target(AccessLogPlan plan)
        {
            if (!known.TryGetValue(plan, out var target))
            {
                if (!formats.TryGetValue(plan.Format, out var format))
                {
                    formats.Add(plan.Format, format = new LogFormat(plan.Format, http.Variables));
                }
                var file = plan.Path.Constant is { } path ? files.Find(ByteText.FromBytes(path)) : null;
                known.Add(plan, target = new AccessLogTarget(plan, format, file));
            }
            return target;
        }
    }

    /// <summary>At the end of a request, whatever became of it. Never waits and never throws; a failing disk is reported once a minute.</summary>
    public void Write(Exchange exchange)
    {
        if (_targets.Length == 0)
        {
            return;
        }
        exchange.Log.Action = "logging request";
        try
        {
            foreach (var target in _targets[exchange.Location.Id])
            {
                target.Write(exchange);
            }
        }
        catch (Exception fault)
        {
            exchange.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
    }
}

using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Watch;

/// <summary>access_log: one line for each request, in the formats and files its location says.</summary>
public sealed class AccessLog(LogFiles? files = null)
{
    private const long MillisecondsBetweenReports = 60_000;

    [ThreadStatic]
    private static LogLine? t_line;

    private long _reported = long.MinValue;

    /// <summary>At the end of a request, whatever became of it. Never waits and never throws; a full disk is reported once a minute.</summary>
    public void Write(Exchange exchange)
    {
        if (files is null)
        {
            return;
        }
        exchange.Log.Action = "logging request";
        var logs = exchange.Location.Log.AccessLogs;
        for (var index = 0; index < logs.Count; index++)
        {
            var log = logs[index];
            if (log.If is { } condition && Values.Evaluate(exchange, condition).Span is [] or [(byte)'0'])
            {
                continue;
            }
            var line = t_line ??= new LogLine();
            line.Compose(exchange, log.Format);
            if (log.Path.Constant is not null)
            {
                WriteTo(exchange, log, line.Bytes);
            }
            else
            {
                WriteOnce(exchange, Values.Evaluate(exchange, log.Path), line.Bytes);
            }
        }
    }

    private void WriteTo(Exchange exchange, AccessLogPlan log, ReadOnlySpan<byte> line)
    {
        if (files!.Find(log.Path.Source) is not { } file)
        {
            return;
        }
        var result = file.Write(line);
        if (result < 0)
        {
            Report(exchange, $"write() to \"{log.Path.Source}\" failed", -result);
        }
        if (log.Flush is { } flush && file.TakeFlushDuty())
        {
            exchange.Worker.Loop.SetTimer(new FlushTimer(file), (long)flush.TotalMilliseconds);
        }
    }

    /// <summary>As nginx without open_log_file_cache: a path with variables is opened for each line.</summary>
    private void WriteOnce(Exchange exchange, Bytes path, ReadOnlySpan<byte> line)
    {
        const uint ReadableByAll = 0x1A4;
        var descriptor = FileDescriptor.Open(path.Span, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, ReadableByAll);
        if (descriptor < 0)
        {
            exchange.Log.Write(LogLevel.Crit, $"open() \"{path}\" failed", -descriptor);
            return;
        }
        var result = FileDescriptor.Write(descriptor, line);
        if (result < 0)
        {
            Report(exchange, $"write() to \"{path}\" failed", -result);
        }
        _ = FileDescriptor.Close(descriptor);
    }

    private void Report(Exchange exchange, string text, int error)
    {
        var now = exchange.Worker.Loop.Now;
        if (_reported == long.MinValue || now - _reported >= MillisecondsBetweenReports)
        {
            _reported = now;
            exchange.Log.Write(LogLevel.Alert, text, error);
        }
    }

    private sealed class FlushTimer(LogFile file) : LoopTimer
    {
        protected internal override void OnDue() => file.Flush();
    }
}

using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Watch;

/// <summary>One access_log directive: its condition, its format and its file (<c>ngx_http_log_handler</c>).</summary>
internal sealed class AccessLogTarget(AccessLogPlan plan, LogFormat format, LogFile? file)
{
    private const OpenFlags Append = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create;

    private long _fullSecond = -1;
    private long _reportedSecond = long.MinValue / 2;

    public void Write(Exchange exchange)
    {
        if (plan.If is { } condition && Values.Evaluate(exchange, condition).Span is [] or [(byte)'0'])
        {
            return;
        }
        var second = exchange.Worker.Time.GetUtcNow().ToUnixTimeSeconds();
        if (second == Volatile.Read(ref _fullSecond))
        {
            return;
        }
        var line = new ArenaText(exchange.Arena);
        format.Compose(exchange, ref line);
        line.Add("\n"u8);
        if (file is not null)
        {
            var result = file.Write(line.Span, exchange.Worker.Loop.Number, out var begins);
            if (begins && file.FlushAfter is { } flush)
            {
                exchange.Worker.LogFlushes.Start(file, flush);
            }
            Check(exchange, second, result, line.Length, file.Path);
        }
        else
        {
            WriteByName(exchange, second, line.Span);
        }
        line.Release();
    }

    /// <summary>A path with variables: opened for this one line, and only under a root that exists.</summary>
    private void WriteByName(Exchange exchange, long second, ReadOnlySpan<byte> line)
    {
        if (!RootExists(exchange))
        {
            return;
        }
        var path = Values.Evaluate(exchange, plan.Path);
        var descriptor = FileDescriptor.Open(path, Append);
        if (descriptor < 0)
        {
            exchange.Log.Write(LogLevel.Crit, $"open() \"{path}\" failed", -descriptor);
            return;
        }
        var result = FileDescriptor.Write(descriptor, line);
        _ = FileDescriptor.Close(descriptor);
        Check(exchange, second, result == line.Length ? 0 : result, line.Length, path.ToString());
    }

    private static bool RootExists(Exchange exchange)
    {
        if (!FilePath.TryRoot(exchange, out var root))
        {
            return false;
        }
        var result = FileDescriptor.Status(root, out var status);
        if (result == 0 && status.IsFolder)
        {
            return true;
        }
        exchange.Log.Write(LogLevel.Error, $"testing \"{root}\" existence failed", result < 0 ? -result : Errno.NotDirectory);
        return false;
    }

    /// <param name="result">0, a negative error number, or how much of the line was written.</param>
    private void Check(Exchange exchange, long second, int result, int length, string name)
    {
        if (result == 0)
        {
            return;
        }
        if (result == -Errno.NoSpace)
        {
            Volatile.Write(ref _fullSecond, second);
        }
        if (second - Volatile.Read(ref _reportedSecond) <= 59)
        {
            return;
        }
        Volatile.Write(ref _reportedSecond, second);
        exchange.Log.Write(LogLevel.Alert,
            result < 0 ? $"write() to \"{name}\" failed" : $"write() to \"{name}\" was incomplete: {result} of {length}", Math.Max(0, -result));
    }
}

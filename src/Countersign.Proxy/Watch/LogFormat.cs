using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Route.Variables;

namespace Countersign.Proxy.Watch;

/// <summary>A log_format, compiled: text as it stands, and variables escaped as it says.</summary>
internal sealed class LogFormat
{
    /// <summary>What the log module works out itself, at the time of the line, whatever a variable of that name was before
    /// (<c>ngx_http_log_vars</c>).</summary>
    private static readonly string[] Direct =
    [
        "pipe", "time_local", "time_iso8601", "msec", "request_time", "status", "bytes_sent", "body_bytes_sent", "request_length",
    ];

    private readonly LogEscape _escape;
    private readonly Part[] _parts;

    public LogFormat(LogFormatPlan plan, VariableTable variables)
    {
        _escape = plan.Escape;
        _parts = [.. plan.Value.Parts.Select(part => part.Literal is { } literal
            ? new Part(literal, null, -1)
            : new Part(null, Direct.Contains(variables.Names[part.Variable]) ? VariableSet.BuiltIn(variables.Names[part.Variable]) : null, part.Variable))];
    }

    /// <summary>The line without its end.</summary>
    public void Compose(Exchange exchange, ref ArenaText line)
    {
        foreach (ref readonly var part in _parts.AsSpan())
        {
            if (part.Literal is { } literal)
            {
                line.Add(literal);
                continue;
            }
            if (part.Getter is { } getter)
            {
                line.Add(getter(exchange));
                continue;
            }
            var value = Values.Variable(exchange, part.Variable);
            switch (_escape)
            {
                case LogEscape.Default when value.IsNull:
                    line.Add("-"u8);
                    break;
                case LogEscape.Default:
                    LogEscapes.Default(value, ref line);
                    break;
                case LogEscape.Json:
                    LogEscapes.Json(value, ref line);
                    break;
                default:
                    line.Add(value);
                    break;
            }
        }
    }

    private readonly record struct Part(byte[]? Literal, VariableGetter? Getter, int Variable);
}

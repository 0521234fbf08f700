using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Runs the directives of ngx_http_rewrite_module of one block, in their order.</summary>
internal ref struct Rewriting
{
    private readonly Exchange _exchange;
    private readonly bool _logs;
    /// <summary>As nginx: until a rewrite has matched, captures in values are escaped as arguments are.</summary>
    private bool _quotes = true;
    private bool _stopped;

    private Rewriting(Exchange exchange, bool logs)
    {
        _exchange = exchange;
        _logs = logs;
    }

    /// <param name="logs">rewrite_log.</param>
    /// <param name="uriChanged">A rewrite asks for another search for a location.</param>
    public static Outcome Run(Exchange exchange, IReadOnlyList<RewriteStep> steps, bool logs, ref bool uriChanged)
    {
        var run = new Rewriting(exchange, logs);
        return run.Run(steps, ref uriChanged);
    }

    private Outcome Run(IReadOnlyList<RewriteStep> steps, ref bool uriChanged)
    {
        for (var index = 0; index < steps.Count && !_stopped; index++)
        {
            var outcome = steps[index] switch
            {
                SetStep set => Set(set),
                IfStep condition => If(condition, ref uriChanged),
                RewriteRuleStep rule => Rewrite(rule, ref uriChanged),
                ReturnStep answer => Return(answer),
                BreakStep => Break(ref uriChanged),
                var other => throw new InvalidOperationException($"{other} is no step"),
            };
            if (outcome.Kind != OutcomeKind.Next)
            {
                return outcome;
            }
        }
        return Outcome.Next;
    }

    private readonly Outcome Set(SetStep step)
    {
        Values.Assign(_exchange, step.Variable, RewriteValues.Evaluate(_exchange, step.Value, _quotes));
        return Outcome.Next;
    }

    private Outcome If(IfStep step, ref bool uriChanged)
    {
        if (!IfConditions.Holds(_exchange, step.Condition, _quotes, _logs))
        {
            return Outcome.Next;
        }
        if (step.Block is { } block)
        {
            LocationEntry.Enter(_exchange, block);
        }
        return Run(step.Steps, ref uriChanged);
    }

    /// <summary>As nginx: an error status without a text is a status of our own, everything else is an answer.</summary>
    private static Outcome Return(ReturnStep step) =>
        step.Status < 400 || step.Text is { Constant: not { Length: 0 } }
            ? Outcome.Return(step.Status, step.Text)
            : Outcome.Of(step.Status);

    private Outcome Break(ref bool uriChanged)
    {
        if (uriChanged)
        {
            _exchange.IsLocationValid = false;
            uriChanged = false;
        }
        _stopped = true;
        return Outcome.Next;
    }

    private Outcome Rewrite(RewriteRuleStep rule, ref bool uriChanged)
    {
        if (!Matches(_exchange, rule.Pattern, _exchange.Uri, _logs))
        {
            return Outcome.Next;
        }
        _exchange.IsInternal = true;
        _exchange.IsUriUntouched = false;
        if (rule.Flag == RewriteFlag.Break)
        {
            _exchange.IsLocationValid = false;
            uriChanged = false;
        }
        else
        {
            uriChanged = true;
        }
        _quotes = false;
        _stopped = rule.Flag != RewriteFlag.None;
        return rule.Flag is RewriteFlag.Redirect or RewriteFlag.Permanent ? Redirect(rule) : Replace(rule);
    }

    private readonly Outcome Redirect(RewriteRuleStep rule)
    {
        var arena = _exchange.Arena;
        var target = RewriteValues.Compose(_exchange, rule.Replacement, escapesCaptures: true, out _);
        var location = UriText.UnescapeRedirect(arena, target);
        if (rule.AddArguments && !_exchange.Arguments.IsEmpty)
        {
            location = Join(location, rule.Replacement.Source.Contains('?') ? (byte)'&' : (byte)'?', _exchange.Arguments);
        }
        Log($"rewritten redirect: \"{location}\"");
        _exchange.Response.Location = location;
        return Outcome.Of(rule.Flag == RewriteFlag.Permanent ? 301 : 302);
    }

    private readonly Outcome Replace(RewriteRuleStep rule)
    {
        var whole = RewriteValues.Compose(_exchange, rule.Replacement, escapesCaptures: false, out var argumentsStart);
        var uri = whole;
        if (argumentsStart >= 0)
        {
            uri = whole.Slice(0, argumentsStart);
            var arguments = whole.Slice(argumentsStart, whole.Length - argumentsStart);
            _exchange.Arguments = rule.AddArguments && !_exchange.Arguments.IsEmpty
                ? Join(arguments, (byte)'&', _exchange.Arguments)
                : arguments;
        }
        else if (!rule.AddArguments)
        {
            _exchange.Arguments = default;
        }
        Log($"rewritten data: \"{uri}\", args: \"{_exchange.Arguments}\"");
        _exchange.Uri = uri;
        if (uri.IsEmpty)
        {
            _exchange.Log.Write(LogLevel.Error, "the rewritten URI has a zero length");
            return Outcome.Of(500);
        }
        return Outcome.Next;
    }

    private readonly Bytes Join(Bytes first, byte separator, Bytes second)
    {
        var span = _exchange.Arena.Allocate(first.Length + 1 + second.Length, out var joined);
        first.Span.CopyTo(span);
        span[first.Length] = separator;
        second.Span.CopyTo(span[(first.Length + 1)..]);
        return joined;
    }

    /// <summary>Tests a pattern, and says so in the log where rewrite_log or debug asks for it.</summary>
    internal static bool Matches(Exchange exchange, RegexPlan pattern, ReadOnlySpan<byte> text, bool logs)
    {
        var matches = PatternMatch.Test(exchange, pattern, text);
        if (logs || exchange.Log.IsEnabled(LogLevel.Debug))
        {
            var subject = System.Text.Encoding.Latin1.GetString(text);
            exchange.Log.Write(LogLevel.Notice, $"\"{pattern.Source}\" {(matches ? "matches" : "does not match")} \"{subject}\"");
        }
        if (!matches)
        {
            exchange.Captures = null;
        }
        return matches;
    }

    private readonly void Log(string text)
    {
        if (_logs || _exchange.Log.IsEnabled(LogLevel.Debug))
        {
            _exchange.Log.Write(LogLevel.Notice, text);
        }
    }
}

using Countersign.Configuration;

namespace Countersign.Proxy;

/// <summary>Where lines for <c>error_log</c> go: every stage speaks to it, <c>Watch</c> writes. May be called from any thread.</summary>
public interface IErrorLog
{
    /// <summary>Writes one line to those targets whose level lets it through: time, level, process and <paramref name="text"/>.</summary>
    /// <param name="text">Latin-1 in disguise, from after the process number on: <c>*5 client sent ...</c>.</param>
    void Write(IReadOnlyList<ErrorLogTarget> targets, LogLevel level, string text);
}

using System.Text;
using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>ngx_http_regex_exec: what matched stays for $1 to $9 and for the variables that named groups fill.</summary>
internal static class PatternMatch
{
    /// <exception cref="RegexMatchTimeoutException">The pattern ran away on this text.</exception>
    public static bool Test(Exchange exchange, RegexPlan pattern, ReadOnlySpan<byte> text)
    {
        Span<char> subject = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        Encoding.Latin1.GetChars(text, subject);
        // Most patterns of most requests do not match: that costs no memory.
        if (!pattern.Expression.IsMatch(subject))
        {
            return false;
        }
        if (!pattern.HasGroups)
        {
            exchange.Captures = null;
            return true;
        }
        var match = pattern.Expression.Match(subject.ToString());
        exchange.Captures = match;
        foreach (var (group, variable) in pattern.NamedGroups)
        {
            var value = match.Groups[group].ValueSpan;
            Encoding.Latin1.GetBytes(value, exchange.Arena.Allocate(value.Length, out var bytes));
            ref var slot = ref exchange.Slot(variable);
            slot.IsSet = true;
            slot.Value = bytes;
        }
        return true;
    }
}

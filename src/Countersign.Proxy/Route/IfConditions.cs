using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Whether the condition of an <c>if</c> holds.</summary>
internal static class IfConditions
{
    private const uint ExecutableByOwner = 0x40;

    public static bool Holds(Exchange exchange, IfCondition condition, bool escapesCaptures, bool logs)
    {
        var holds = condition switch
        {
            IfTrue test => Values.Variable(exchange, test.Variable).Span is not ([] or [(byte)'0']),
            IfEquals test => AreEqual(exchange, test, escapesCaptures) != test.Negate,
            IfMatches test => Rewriting.Matches(exchange, test.Pattern, Values.Variable(exchange, test.Variable), logs) != test.Negate,
            IfFile test => Is(exchange, test.Test, RewriteValues.Evaluate(exchange, test.Path, escapesCaptures)) != test.Negate,
            _ => throw new InvalidOperationException($"{condition} is no condition"),
        };
        if (!holds && exchange.Log.IsEnabled(LogLevel.Debug))
        {
            exchange.Log.Write(LogLevel.Debug, "http script if: false");
        }
        return holds;
    }

    private static bool AreEqual(Exchange exchange, IfEquals test, bool escapesCaptures)
    {
        var left = Values.Variable(exchange, test.Variable);
        return left.Equals(RewriteValues.Evaluate(exchange, test.Value, escapesCaptures));
    }

    private static bool Is(Exchange exchange, FileTest test, Bytes path)
    {
        var result = FileDescriptor.Status(path.Span, out var status);
        if (result < 0)
        {
            if (-result is not (Errno.NoEntry or Errno.NotDirectory or Errno.NameTooLong))
            {
                exchange.Log.Write(LogLevel.Crit, $"stat() \"{path}\" failed", -result);
            }
            return false;
        }
        return test switch
        {
            FileTest.File => status.IsRegular,
            FileTest.Directory => status.IsFolder,
            FileTest.Exists => status.IsRegular || status.IsFolder,
            FileTest.Executable => (status.Mode & ExecutableByOwner) != 0,
            _ => throw new InvalidOperationException($"{test} is no test of files"),
        };
    }
}

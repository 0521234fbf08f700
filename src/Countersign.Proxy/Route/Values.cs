using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route.Variables;

namespace Countersign.Proxy.Route;

/// <summary>Evaluates what the configuration wrote with variables in it.</summary>
public static class Values
{
    /// <summary>The value for this request; empty, never null bytes. It lives in the exchange's arena or longer.</summary>
    public static Bytes Evaluate(Exchange exchange, ComplexValue value)
    {
        if (value.Constant is { } constant)
        {
            return new Bytes(constant);
        }
        var parts = value.Parts;
        if (parts.Length == 1)
        {
            var only = Part(exchange, parts[0]);
            return only.IsNull ? VariableText.Empty : only;
        }
        var text = new ArenaText(exchange.Arena);
        foreach (ref readonly var part in parts.AsSpan())
        {
            text.Add(Part(exchange, part));
        }
        return text.ToBytes();
    }

    /// <summary>One variable; null bytes where nginx says <c>not_found</c>.</summary>
    public static Bytes Variable(Exchange exchange, int index)
    {
        ref var slot = ref exchange.Slot(index);
        return slot.IsSet ? slot.Value : exchange.Generation.Variables.Get(exchange, index);
    }

    /// <summary>What <c>set</c> does: a variable of its own, or one of nginx's that may be changed ($args, $limit_rate).</summary>
    public static void Assign(Exchange exchange, int index, Bytes value)
    {
        if (exchange.Generation.Variables.TryAssign(exchange, index, value))
        {
            return;
        }
        ref var slot = ref exchange.Slot(index);
        slot.Value = value;
        slot.IsSet = true;
    }

    private static Bytes Part(Exchange exchange, in ValuePart part)
    {
        if (part.Literal is { } literal)
        {
            return new Bytes(literal);
        }
        if (part.Variable >= 0)
        {
            return Variable(exchange, part.Variable);
        }
        if (part.Capture > 0 && exchange.Captures is { } match && match.Groups[part.Capture] is { Success: true } group)
        {
            Encoding.Latin1.GetBytes(group.ValueSpan, exchange.Arena.Allocate(group.Length, out var bytes));
            return bytes;
        }
        return default;
    }
}

using System.Diagnostics;
using System.Net.Sockets;

namespace Countersign.Testing;

/// <summary>Bounded waiting: a condition is asked again and again until it holds or the time is up.</summary>
public static class Deadline
{
    /// <summary>What a healthy machine needs is milliseconds; this is only how long a failure takes.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    public static async Task Until(Func<bool> holds, string what, Func<string>? evidence = null, TimeSpan? within = null)
    {
        await Until(() => holds() ? "" : null, what, evidence, within);
    }

    /// <summary>Asks until the answer is not null, and returns it.</summary>
    public static async Task<T> Until<T>(Func<T?> ask, string what, Func<string>? evidence = null, TimeSpan? within = null)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        var limit = within ?? Usual;
        while (true)
        {
            if (ask() is { } answer)
            {
                return answer;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:0} s for {what}\n{evidence?.Invoke()}");
            }

            await Task.Delay(2);
        }
    }

    /// <summary>The same for a condition that takes a request to find out; a refused or broken connection is "not yet".</summary>
    public static async Task Eventually(Func<Task<bool>> holds, string what, Func<string>? evidence = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await Holds())
        {
            if (clock.Elapsed > Usual)
            {
                throw new TimeoutException($"waited {Usual.TotalSeconds:0} s for {what}\n{evidence?.Invoke()}");
            }

            await Task.Delay(2);
        }

        async Task<bool> Holds()
        {
            try
            {
                return await holds();
            }
            catch (Exception gone) when (gone is SocketException or IOException)
            {
                return false;
            }
        }
    }

    public static CancellationToken Token(TimeSpan? within = null) => new CancellationTokenSource(within ?? Usual).Token;
}

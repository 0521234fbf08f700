using BenchmarkDotNet.Attributes;
using Countersign.Native;
using Countersign.Testing;

namespace Countersign.Benchmarks;

/// <summary>
/// What the locks of a shared libcrypto cost threads that really run at once: certificates of clients decoded by one thread, by two of one
/// library context, and by two of one each (docs/decisions/0010). Two cores should need no longer than one for twice as much.
/// </summary>
public class LoopsAtOnce
{
    private const int Certificates = 2_000;

    private byte[] _der = [];

    [GlobalSetup]
    public void Make() => _der = Identity.SelfSigned("CN=device-7").Certificate.RawData;

    [Benchmark(Baseline = true, OperationsPerInvoke = Certificates)]
    public void One() => Run(0);

    [Benchmark(OperationsPerInvoke = Certificates)]
    public void TwoOfOneLibrary() => Run(0, 0);

    [Benchmark(OperationsPerInvoke = Certificates)]
    public void TwoOfTwoLibraries() => Run(0, 1);

    private void Run(params int[] numbers)
    {
        var threads = Array.ConvertAll(numbers, number => new Thread(() =>
        {
            TlsLibrary.Separate(number);
            for (var i = 0; i < Certificates; i++)
            {
                Certificate.FromDer(_der)!.Dispose();
            }
        }));
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }
}
